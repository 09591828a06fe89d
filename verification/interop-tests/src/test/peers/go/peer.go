// gomemcache at the end of a pipe; ../README.md has the protocol. Its values are bytes, its flags the caller's: this one leaves them 0.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"strconv"
	"unicode/utf8"

	"github.com/bradfitz/gomemcache/memcache"
)

type request struct {
	Op      string
	Servers [][]interface{}
	Items   [][2]json.RawMessage
	Keys    []string
	Key     string
	By      uint64
	TTL     int32
}

type answer map[string]interface{}

var client *memcache.Client

func fail(err error) answer {
	return answer{"error": err.Error()}
}

func bytesOf(typed json.RawMessage) ([]byte, string) {
	var value map[string]interface{}
	if err := json.Unmarshal(typed, &value); err != nil {
		return nil, err.Error()
	}
	if text, ok := value["text"].(string); ok {
		return []byte(text), ""
	}
	if text, ok := value["bytes"].(string); ok {
		bytes, _ := base64.StdEncoding.DecodeString(text)
		return bytes, ""
	}
	return nil, "gomemcache stores bytes only"
}

func set(r request) answer {
	failed := map[string]string{}
	for _, item := range r.Items {
		var key string
		json.Unmarshal(item[0], &key)
		value, why := bytesOf(item[1])
		if why == "" {
			if err := client.Set(&memcache.Item{Key: key, Value: value, Expiration: r.TTL}); err != nil {
				why = err.Error()
			}
		}
		if why != "" {
			failed[key] = why
		}
	}
	return answer{"failed": failed}
}

func get(r request) answer {
	items := [][2]interface{}{}
	failed := map[string]string{}
	for _, key := range r.Keys {
		item, err := client.Get(key)
		if err == memcache.ErrCacheMiss {
			continue
		}
		if err != nil {
			failed[key] = err.Error()
		} else if utf8.Valid(item.Value) {
			items = append(items, [2]interface{}{key, map[string]string{"text": string(item.Value)}})
		} else {
			items = append(items, [2]interface{}{key, map[string]string{"bytes": base64.StdEncoding.EncodeToString(item.Value)}})
		}
	}
	return answer{"items": items, "failed": failed}
}

func do(r request) answer {
	switch r.Op {
	case "open":
		names := []string{}
		for _, server := range r.Servers {
			names = append(names, server[0].(string))
		}
		client = memcache.New(names...)
		return answer{"version": "gomemcache"}
	case "set":
		return set(r)
	case "get":
		return get(r)
	case "increment":
		value, err := client.Increment(r.Key, r.By)
		if err == memcache.ErrCacheMiss {
			return answer{"value": nil}
		}
		if err != nil {
			return fail(err)
		}
		return answer{"value": strconv.FormatUint(value, 10)}
	case "touch":
		return answer{"done": client.Touch(r.Key, r.TTL) == nil}
	case "delete":
		return answer{"done": client.Delete(r.Key) == nil}
	}
	return answer{"error": "no such operation: " + r.Op}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var r request
		var a answer
		if err := json.Unmarshal(line, &r); err != nil {
			a = fail(err)
		} else {
			a = do(r)
		}
		text, _ := json.Marshal(a)
		os.Stdout.Write(append(text, '\n'))
	}
}
