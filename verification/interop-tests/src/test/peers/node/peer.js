// memjs and memcached (npm) at the end of a pipe; ../README.md has the protocol.
// setup: client, options (the constructor's own)

const readline = require('readline')

function toValue (typed) {
  const [kind, value] = Object.entries(typed)[0]
  switch (kind) {
    case 'text': case 'bool': return value
    case 'bytes': return Buffer.from(value, 'base64')
    case 'int':
      if (!Number.isSafeInteger(Number(value))) throw new RangeError('JavaScript has no integer ' + value)
      return Number(value)
    case 'float': return Number(value)
    case 'null': return null
    case 'list': return value.map(toValue)
    case 'map': return Object.fromEntries(value.map(([k, v]) => [toValue(k), toValue(v)]))
  }
  throw new TypeError(kind)
}

function toTyped (value) {
  if (value === null) return { null: true }
  if (typeof value === 'boolean') return { bool: value }
  if (typeof value === 'string') return { text: value }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw new RangeError('digits are lost above 2^53')
  if (typeof value === 'number') return Number.isInteger(value) ? { int: String(value) } : { float: String(value) }
  if (Buffer.isBuffer(value)) {
    const text = value.toString('utf8')
    return Buffer.from(text, 'utf8').equals(value) ? { text } : { bytes: value.toString('base64') }
  }
  if (Array.isArray(value)) return { list: value.map(toTyped) }
  return { map: Object.entries(value).map(([k, v]) => [toTyped(k), toTyped(v)]) }
}

class Memjs {
  constructor (servers, options) {
    const memjs = require('memjs')
    this.version = 'memjs ' + require('memjs/package.json').version
    this.client = memjs.Client.create(servers.map(([name]) => name).join(','), { timeout: 10, conntimeout: 10, ...options })
  }

  async set (key, value, ttl) {
    if (typeof value !== 'string' && !Buffer.isBuffer(value)) throw new TypeError('memjs stores text and bytes only')
    return this.client.set(key, value, { expires: ttl })
  }

  async get (key) {
    const { value } = await this.client.get(key)
    return value === null ? undefined : value
  }

  async increment (key, by) {
    // an absent counter would be made
    const { value } = await this.client.increment(key, by, { initial: 0 })
    return value
  }

  async touch (key, ttl) {
    return this.client.touch(key, ttl)
  }

  async delete (key) {
    return this.client.delete(key)
  }
}

class NodeMemcached {
  constructor (servers, options) {
    const Memcached = require('memcached')
    this.version = 'memcached (npm) ' + require('memcached/package.json').version
    const weighted = servers.some(([, weight]) => weight !== 1)
    this.client = new Memcached(weighted ? Object.fromEntries(servers) : servers.map(([name]) => name), { timeout: 10000, ...options })
  }

  call (name, ...args) {
    return new Promise((resolve, reject) => {
      this.client[name](...args, (error, answer) => error ? reject(error) : resolve(answer))
    })
  }

  set (key, value, ttl) {
    return this.call('set', key, value, ttl)
  }

  get (key) {
    return this.call('get', key)
  }

  async increment (key, by) {
    const value = await this.call('incr', key, by)
    return value === false ? null : value
  }

  touch (key, ttl) {
    return this.call('touch', key, ttl)
  }

  delete (key) {
    return this.call('del', key)
  }
}

let client

const operations = {
  open ({ servers, setup }) {
    client = setup.client === 'memjs' ? new Memjs(servers, setup.options) : new NodeMemcached(servers, setup.options)
    return { version: client.version }
  },

  async set ({ items, ttl }) {
    const failed = {}
    for (const [key, typed] of items) {
      try {
        if (!await client.set(key, toValue(typed), ttl || 0)) failed[key] = 'not stored'
      } catch (error) {
        failed[key] = String(error)
      }
    }
    return { failed }
  },

  async get ({ keys }) {
    const items = []
    const failed = {}
    for (const key of keys) {
      try {
        const value = await client.get(key)
        if (value !== undefined) items.push([key, toTyped(value)])
      } catch (error) {
        failed[key] = String(error)
      }
    }
    return { items, failed }
  },

  async increment ({ key, by }) {
    const value = await client.increment(key, by)
    return { value: value === null ? null : String(value) }
  },

  async touch ({ key, ttl }) {
    return { done: Boolean(await client.touch(key, ttl)) }
  },

  async delete ({ key }) {
    return { done: Boolean(await client.delete(key)) }
  }
}

async function main () {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let answer
    try {
      const request = JSON.parse(line)
      answer = await operations[request.op](request)
    } catch (error) {
      answer = { error: String(error) }
    }
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  process.exit(0)
}

main()
