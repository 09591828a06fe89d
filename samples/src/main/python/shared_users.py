"""The Python side of the sample SharedUsers, with pymemcache and the JSON serde of its documentation.

python3 shared_users.py write host:port host:port    stores what the JVM programs read
python3 shared_users.py read host:port host:port     prints what they have stored
"""

import json
import sys

from pymemcache.client.hash import HashClient


class JsonSerde:
    def serialize(self, key, value):
        if isinstance(value, str):
            return value.encode("utf-8"), 1
        return json.dumps(value).encode("utf-8"), 2

    def deserialize(self, key, value, flags):
        if flags == 1:
            return value.decode("utf-8")
        if flags == 2:
            return json.loads(value.decode("utf-8"))
        raise ValueError("unknown flags %d" % flags)


def main(what, servers):
    client = HashClient(servers, serde=JsonSerde(), default_noreply=False)
    if what == "write":
        client.set("shared:python", {"id": 1, "name": "Ada"})
        client.set("shared:greeting", "Grüße from Python")
    else:
        for key in ("shared:kotlin", "shared:java"):
            print(key, json.dumps(client.get(key), sort_keys=True))


main(sys.argv[1], sys.argv[2:])
