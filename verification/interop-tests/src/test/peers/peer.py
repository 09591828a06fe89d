"""pylibmc, python-memcached and pymemcache at the end of a pipe; README.md has the protocol."""

import base64
import json
import sys


def to_value(typed):
    (kind, value), = typed.items()
    if kind == "text" or kind == "bool":
        return value
    if kind == "bytes":
        return base64.b64decode(value)
    if kind == "int":
        return int(value)
    if kind == "float":
        return float(value)
    if kind == "null":
        return None
    if kind == "list":
        return [to_value(element) for element in value]
    if kind == "map":
        return {to_value(k): to_value(v) for k, v in value}
    raise ValueError(kind)


def to_typed(value):
    if value is None:
        return {"null": True}
    if isinstance(value, bool):
        return {"bool": value}
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, (bytes, bytearray)):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, (list, tuple)):
        return {"list": [to_typed(element) for element in value]}
    if isinstance(value, dict):
        return {"map": [[to_typed(k), to_typed(v)] for k, v in value.items()]}
    raise ValueError(type(value).__name__)


class Pylibmc:
    """setup: behaviors, and what set_multi and set take (min_compress_len)."""

    def __init__(self, servers, setup):
        import pylibmc
        self.version = "pylibmc " + pylibmc.__version__
        names = ["%s:%d" % (name, weight) for name, weight in servers]
        behaviors = {"connect_timeout": 10000, "receive_timeout": 10000000, **setup.get("behaviors", {})}
        self.client = pylibmc.Client(names, binary=setup.get("binary", False), behaviors=behaviors)
        self.options = setup.get("set", {})
        self.not_found = pylibmc.NotFound
        self.missing = object()

    def set(self, key, value, ttl):
        return self.client.set(key, value, time=ttl, **self.options)

    def get(self, key):
        # with a default None can be told from a miss
        value = self.client.get(key, self.missing)
        return (False, None) if value is self.missing else (True, value)

    def increment(self, key, by):
        try:
            return self.client.incr(key, by)
        except self.not_found:
            return None

    def touch(self, key, ttl):
        return self.client.touch(key, ttl)

    def delete(self, key):
        return self.client.delete(key)


class PythonMemcached:
    """setup: hash (crc32 for the old server hash), set (min_compress_len)."""

    def __init__(self, servers, setup):
        import memcache
        self.version = "python-memcached " + memcache.__version__
        if setup.get("hash") == "crc32":
            memcache.useOldServerHashFunction()
        self.client = memcache.Client([(name, weight) for name, weight in servers], debug=0, socket_timeout=10, **setup.get("client_options", {}))
        self.options = setup.get("set", {})

    def set(self, key, value, ttl):
        return self.client.set(key, value, time=ttl, **self.options)

    def get(self, key):
        # get_multi leaves a miss out, so None can be told from it
        found = self.client.get_multi([key])
        return (key in found, found.get(key))

    def increment(self, key, by):
        return self.client.incr(key, by)

    def touch(self, key, ttl):
        return bool(self.client.touch(key, ttl))

    def delete(self, key):
        # says 1 for an absent key too
        return bool(self.client.delete(key))


class JsonSerde:
    """What pymemcache's documentation shows: text as it is with flag 1, all else as JSON with flag 2."""

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


class Pymemcache:
    """setup: serde (pickle, json or none), pickle_version, bytes_keys."""

    def __init__(self, servers, setup):
        import pymemcache
        from pymemcache import serde
        from pymemcache.client.hash import HashClient
        self.version = "pymemcache " + pymemcache.__version__
        serdes = {"pickle": serde.pickle_serde, "json": JsonSerde(), "none": None}
        self.bytes_keys = setup.get("bytes_keys", False)
        self.client = HashClient(
            [name for name, _ in servers],
            serde=serdes[setup.get("serde", "pickle")],
            allow_unicode_keys=True,
            default_noreply=False,
            timeout=10,
            connect_timeout=10,
        )
        self.missing = object()

    def key(self, key):
        return key.encode("utf-8") if self.bytes_keys else key

    def set(self, key, value, ttl):
        return self.client.set(self.key(key), value, expire=ttl)

    def get(self, key):
        value = self.client.get(self.key(key), self.missing)
        return (False, None) if value is self.missing else (True, value)

    def increment(self, key, by):
        return self.client.incr(self.key(key), by)

    def touch(self, key, ttl):
        return self.client.touch(self.key(key), ttl)

    def delete(self, key):
        return self.client.delete(self.key(key))


CLIENTS = {"pylibmc": Pylibmc, "python-memcached": PythonMemcached, "pymemcache": Pymemcache}


class Peer:
    client = None

    def open(self, request):
        setup = request["setup"]
        self.client = CLIENTS[setup["client"]](request["servers"], setup)
        return {"version": self.client.version}

    def set(self, request):
        failed = {}
        for key, typed in request["items"]:
            try:
                if not self.client.set(key, to_value(typed), request.get("ttl", 0)):
                    failed[key] = "not stored"
            except Exception as e:
                failed[key] = "%s: %s" % (type(e).__name__, e)
        return {"failed": failed}

    def get(self, request):
        items = []
        failed = {}
        for key in request["keys"]:
            try:
                found, value = self.client.get(key)
                if found:
                    items.append([key, to_typed(value)])
            except Exception as e:
                failed[key] = "%s: %s" % (type(e).__name__, e)
        return {"items": items, "failed": failed}

    def increment(self, request):
        value = self.client.increment(request["key"], request["by"])
        return {"value": None if value is None else str(value)}

    def touch(self, request):
        return {"done": bool(self.client.touch(request["key"], request["ttl"]))}

    def delete(self, request):
        return {"done": bool(self.client.delete(request["key"]))}


def main():
    peer = Peer()
    for line in sys.stdin:
        try:
            request = json.loads(line)
            answer = getattr(peer, request["op"])(request)
        except Exception as e:
            answer = {"error": "%s: %s" % (type(e).__name__, e)}
        print(json.dumps(answer), flush=True)


main()
