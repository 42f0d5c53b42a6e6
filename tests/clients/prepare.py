"""Writes the document as a generator can take it, and tells what had to be changed.

prepare.py DOCUMENT OUTPUT [rust]
"""

import json
import sys


def main(document: str, output: str, language: str = "") -> None:
    with open(document, encoding="utf-8") as file:
        api = json.load(file)
    schemas = api["components"]["schemas"]
    # openapi-generator's go writes `var company CompanyFacts = {}`, which is no Go.
    for name, schema in schemas.items():
        for field, value in schema.get("properties", {}).items():
            if "$ref" in value and value.get("default") == {}:
                del value["default"]
                print(f"changed /components/schemas/{name}/properties/{field}/default")
    # openapi-generator's rust writes a variant `String` for each text of a union.
    for name, schema in schemas.items():
        texts = [one for one in schema.get("oneOf", []) if one.get("type") == "string" and "enum" in one]
        if len(texts) > 1:
            others = [one for one in schema["oneOf"] if one not in texts]
            joined = {"type": "string", "enum": [code for text in texts for code in text["enum"]]}
            schema["oneOf"] = [joined, *others]
            print(f"changed /components/schemas/{name}/oneOf")
    # openapi-generator's rust reads the tag of a union twice: once for the variant, and once for a required field.
    if language == "rust":
        for union in list(schemas.values()):
            tag = union.get("discriminator", {}).get("propertyName")
            for reference in union.get("discriminator", {}).get("mapping", {}).values():
                required = schemas[reference.rsplit("/", 1)[-1]].get("required", [])
                if tag in required:
                    required.remove(tag)
    with open(output, "w", encoding="utf-8") as file:
        json.dump(api, file, ensure_ascii=False, indent=1)


main(*sys.argv[1:])
