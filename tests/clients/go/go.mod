module okaeri.example/story

go 1.19

require okaeri.example/okaeri v0.0.0

replace okaeri.example/okaeri => ../../../target/clients/go/okaeri
