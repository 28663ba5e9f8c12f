#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""forge_reports.py sarif|codeclimate FILE...: whether reports are what forges
take: by the schema beside this program, by what no schema can say, and, for
SARIF, by the schema in $ALPBUILD_SARIF_SCHEMA, that of OASIS. Prints what is
wrong."""
import json
import os
import re
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
# What must not be in a text that people see: controls, turned direction.
STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e"
                      "\u2066-\u2069]")
MESSAGE_MAX = 12000


def load(path):
    """Strict: UTF-8, no key twice, no half of a pair of UTF-16."""
    def once(pairs):
        keys = [key for key, _ in pairs]
        if len(keys) != len(set(keys)):
            raise ValueError("a key twice in %s" % keys)
        return dict(pairs)
    with open(path, "rb") as f:
        data = f.read().decode("utf-8")
    document = json.loads(data, object_pairs_hook=once)
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


def schema_findings(document, path):
    with open(path, encoding="utf-8") as f:
        schema = json.load(f)
    kind = jsonschema.validators.validator_for(
        schema, default=jsonschema.Draft7Validator)
    kind.check_schema(schema)
    for error in kind(schema).iter_errors(document):
        yield "%s: %s" % ("/".join(map(str, error.path)), error.message[:300])


def text_findings(texts, prints):
    for text in texts:
        if STEERING.search(text) or len(text) > MESSAGE_MAX:
            yield "not for people to see: %r" % text[:300]
    if len(prints) != len(set(prints)):
        yield "a fingerprint is there twice"


def codeclimate(document):
    yield from schema_findings(document, HERE + "/codeclimate.schema.json")
    yield from text_findings([issue["description"] for issue in document],
                             [issue["fingerprint"] for issue in document])


def sarif(document):
    yield from schema_findings(document, HERE + "/sarif.schema.json")
    official = os.environ.get("ALPBUILD_SARIF_SCHEMA")
    if official:
        yield from schema_findings(document, official)
    run = document["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if len(rules) != len(set(rules)):
        yield "a rule is there twice"
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]["artifactLocation"]
        if rules[result["ruleIndex"]] != result["ruleId"]:
            yield "%s is not the rule at its index" % result["ruleId"]
        if run["artifacts"][where["index"]]["location"]["uri"] != where["uri"]:
            yield "%s is not the file at its index" % where["uri"]
    texts = [result["message"]["text"] for result in run["results"]]
    for text in texts:
        if re.search(r"\{\d+\}", text.replace("{{", "").replace("}}", "")):
            yield "a placeholder: %r" % text[:300]
        if "](" in text:
            yield "a link: %r" % text[:300]
    yield from text_findings(texts, [
        result["partialFingerprints"]["alpbuildFinding/v1"]
        for result in run["results"]])


def main(form, paths):
    wrong = 0
    for path in paths:
        try:
            for finding in {"sarif": sarif, "codeclimate": codeclimate}[form](
                    load(path)):
                print("%s: %s" % (path, finding))
                wrong += 1
        except (ValueError, LookupError, TypeError) as error:
            print("%s: %r" % (path, error))
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
