"""Writes the document as openapi-generator's rust can take it: `prepare.py DOCUMENT OUTPUT`.

It reads the tag of a union for the variant, and misses it afterwards in the member, where it is required too. So the
tag is optional in the members.
"""

import json
import sys


def main(document: str, output: str) -> None:
    with open(document, encoding="utf-8") as file:
        api = json.load(file)
    schemas = api["components"]["schemas"]
    for union in schemas.values():
        tag = union.get("discriminator", {})
        for reference in tag.get("mapping", {}).values():
            required = schemas[reference.rsplit("/", 1)[-1]]["required"]
            if tag["propertyName"] in required:
                required.remove(tag["propertyName"])
    with open(output, "w", encoding="utf-8") as file:
        json.dump(api, file, ensure_ascii=False, indent=1)


main(*sys.argv[1:])
