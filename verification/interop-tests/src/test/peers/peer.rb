# dalli at the end of a pipe; README.md has the protocol.
# setup: options (dalli's own; serializer "JSON" is the class, compressor "gzip" likewise), raw (each call with raw: true)

require "base64"
require "dalli"
require "json"
require "logger"

def to_value(typed)
  kind, value = typed.first
  case kind
  when "text", "bool" then value
  when "bytes" then Base64.decode64(value)
  when "int" then value.to_i
  when "float" then value.to_f
  when "null" then nil
  when "list" then value.map { |element| to_value(element) }
  when "map" then value.to_h { |k, v| [to_value(k), to_value(v)] }
  else raise ArgumentError, kind
  end
end

def to_typed(value)
  case value
  when nil then { null: true }
  when true, false then { bool: value }
  when Integer then { int: value.to_s }
  when Float then { float: value.to_s }
  when String
    text = value.dup.force_encoding(Encoding::UTF_8)
    text.valid_encoding? ? { text: text } : { bytes: Base64.strict_encode64(value) }
  when Array then { list: value.map { |element| to_typed(element) } }
  when Hash then { map: value.map { |k, v| [to_typed(k), to_typed(v)] } }
  else raise ArgumentError, value.class.name
  end
end

class Peer
  MISSING = Object.new

  def open(request)
    setup = request["setup"]
    options = (setup["options"] || {}).transform_keys(&:to_sym)
    options[:serializer] = JSON if options[:serializer] == "JSON"
    options[:compressor] = Dalli::GzipCompressor if options[:compressor] == "gzip"
    options = { cache_nils: true, socket_timeout: 10 }.merge(options)
    @call = setup["raw"] ? { raw: true } : {}
    # a weight of 1 is left out, as users do
    servers = request["servers"].map { |name, weight| weight == 1 ? name : "#{name}:#{weight}" }
    @client = Dalli::Client.new(servers, options)
    { version: "dalli #{Dalli::VERSION}" }
  end

  def set(request)
    failed = {}
    request["items"].each do |key, typed|
      failed[key] = "not stored" unless @client.set(key, to_value(typed), request["ttl"] || 0, @call)
    rescue StandardError => e
      failed[key] = "#{e.class}: #{e.message}"
    end
    { failed: failed }
  end

  def get(request)
    items = []
    failed = {}
    request["keys"].each do |key|
      value = @client.get(key)
      # the cas tells a stored nil from a miss; get_cas alone makes nil of false too
      next if value.nil? && [nil, 0].include?(@client.get_cas(key).last)

      items << [key, to_typed(value)]
    rescue StandardError => e
      failed[key] = "#{e.class}: #{e.message}"
    end
    { items: items, failed: failed }
  end

  def increment(request)
    value = @client.incr(request["key"], request["by"])
    { value: value&.to_s }
  end

  def touch(request)
    { done: @client.touch(request["key"], request["ttl"]) ? true : false }
  end

  def delete(request)
    { done: @client.delete(request["key"]) ? true : false }
  end
end

# its default logger writes to the standard output
Dalli.logger = Logger.new($stderr)
$stdin.set_encoding(Encoding::UTF_8)
peer = Peer.new
while (line = $stdin.gets)
  begin
    request = JSON.parse(line)
    answer = peer.public_send(request["op"], request)
  rescue StandardError => e
    answer = { error: "#{e.class}: #{e.message}" }
  end
  $stdout.puts(JSON.generate(answer))
  $stdout.flush
end
