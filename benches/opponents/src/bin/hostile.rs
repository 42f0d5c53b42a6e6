//! Gives one shape to one engine, in a process that may be killed: `hostile <engine> <shape>`.

use opponents::hostile::run;

fn main() {
    let mut given = std::env::args().skip(1);
    let (Some(engine), Some(shape)) = (given.next(), given.next()) else {
        eprintln!("hostile <engine> <shape>");
        std::process::exit(2);
    };
    let short = |said: String| said.lines().next().unwrap_or_default().chars().take(60).collect::<String>();
    match run(&engine, &shape) {
        None => println!("cannot be written"),
        Some(Ok(value)) => println!("ran: {}", short(value)),
        Some(Err(why)) => println!("refused: {}", short(why)),
    }
}
