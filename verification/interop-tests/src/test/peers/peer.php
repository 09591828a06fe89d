<?php
// php-memcached at the end of a pipe; README.md has the protocol.
// setup: options (names and values of Memcached's constants), order ("options first" or "servers first"), add ("list" or "single")

ini_set('serialize_precision', '-1');

function to_value(array $typed) {
    $kind = array_key_first($typed);
    $value = $typed[$kind];
    switch ($kind) {
        case 'text': case 'bool': return $value;
        case 'bytes': return base64_decode($value);
        case 'int':
            if ((string) (int) $value !== $value) {
                throw new RangeException("PHP has no integer $value");
            }
            return (int) $value;
        case 'float': return (float) $value;
        case 'null': return null;
        case 'list': return array_map('to_value', $value);
        case 'map':
            $map = [];
            foreach ($value as [$k, $v]) {
                $map[to_value($k)] = to_value($v);
            }
            return $map;
    }
    throw new UnexpectedValueException($kind);
}

function to_typed($value): array {
    if ($value === null) return ['null' => true];
    if (is_bool($value)) return ['bool' => $value];
    if (is_int($value)) return ['int' => (string) $value];
    if (is_float($value)) return ['float' => json_encode($value)];
    if (is_string($value)) {
        return preg_match('//u', $value) ? ['text' => $value] : ['bytes' => base64_encode($value)];
    }
    if (is_array($value)) {
        if (array_is_list($value)) {
            return ['list' => array_map('to_typed', $value)];
        }
        $map = [];
        foreach ($value as $k => $v) {
            $map[] = [to_typed($k), to_typed($v)];
        }
        return ['map' => $map];
    }
    if ($value instanceof stdClass) {
        // what SERIALIZER_JSON makes of a map, an empty one too
        $map = [];
        foreach (get_object_vars($value) as $k => $v) {
            $map[] = [to_typed((string) $k), to_typed($v)];
        }
        return ['map' => $map];
    }
    throw new UnexpectedValueException(gettype($value));
}

final class Peer {
    private Memcached $client;

    function open(array $request): array {
        $setup = $request['setup'];
        $this->client = new Memcached();
        $options = [];
        foreach ($setup['options'] ?? [] as $name => $value) {
            $options[constant("Memcached::$name")] = is_string($value) ? constant("Memcached::$value") : $value;
        }
        $serversFirst = ($setup['order'] ?? 'options first') === 'servers first';
        if (!$serversFirst) $this->options($options);
        $servers = [];
        foreach ($request['servers'] as [$name, $weight]) {
            [$host, $port] = explode(':', $name);
            $servers[] = [$host, (int) $port, $weight];
        }
        if (($setup['add'] ?? 'list') === 'list') {
            $this->client->addServers($servers);
        } else {
            foreach ($servers as [$host, $port, $weight]) {
                $this->client->addServer($host, $port, $weight);
            }
        }
        if ($serversFirst) $this->options($options);
        return ['version' => 'php-memcached ' . phpversion('memcached')];
    }

    private function options(array $options): void {
        if ($options && !$this->client->setOptions($options)) {
            throw new RuntimeException('setOptions: ' . $this->client->getResultMessage());
        }
    }

    function set(array $request): array {
        $failed = [];
        foreach ($request['items'] as [$key, $typed]) {
            try {
                if (!$this->client->set($key, to_value($typed), $request['ttl'] ?? 0)) {
                    $failed[$key] = $this->client->getResultMessage();
                }
            } catch (Throwable $e) {
                $failed[$key] = $e->getMessage();
            }
        }
        return ['failed' => (object) $failed];
    }

    function get(array $request): array {
        $items = [];
        $failed = [];
        foreach ($request['keys'] as $key) {
            try {
                $value = $this->client->get($key);
                $code = $this->client->getResultCode();
                if ($code === Memcached::RES_SUCCESS) {
                    $items[] = [$key, to_typed($value)];
                } elseif ($code !== Memcached::RES_NOTFOUND) {
                    $failed[$key] = $this->client->getResultMessage();
                }
            } catch (Throwable $e) {
                $failed[$key] = $e->getMessage();
            }
        }
        return ['items' => $items, 'failed' => (object) $failed];
    }

    function increment(array $request): array {
        $value = $this->client->increment($request['key'], $request['by']);
        return ['value' => $value === false ? null : (string) $value];
    }

    function touch(array $request): array {
        return ['done' => $this->client->touch($request['key'], $request['ttl'])];
    }

    function delete(array $request): array {
        return ['done' => $this->client->delete($request['key'])];
    }
}

$peer = new Peer();
while (($line = fgets(STDIN)) !== false) {
    try {
        $request = json_decode($line, true, 512, JSON_THROW_ON_ERROR);
        $answer = $peer->{$request['op']}($request);
    } catch (Throwable $e) {
        $answer = ['error' => get_class($e) . ': ' . $e->getMessage()];
    }
    fwrite(STDOUT, json_encode($answer, JSON_THROW_ON_ERROR) . "\n");
    fflush(STDOUT);
}
