package io.cachewire;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a server listens, and its share of the ring.
 *
 * @param host a name, an IPv4 or IPv6 address without brackets, or the absolute path of a Unix domain socket
 * @param port 1 to 65535; 0 for a Unix domain socket
 * @param weight 1 or more; a server of weight 2 gets twice the keys of one of weight 1, where the locator knows weights
 * @param transport how requests get there; {@link Transport#UNIX} for a path, and for nothing else
 */
public record ServerAddress(String host, int port, int weight, Transport transport) {
    /** What carries the requests. */
    public enum Transport {
        /** A stream over the network, in TLS when the client is set up for it. */
        TCP,
        /** One datagram for each request: loses requests and replies, proves nothing about who answers. */
        UDP,
        /** A stream within the machine. */
        UNIX
    }

    /** The registered port of memcached. */
    public static final int DEFAULT_PORT = 11211;

    private static final String UNIX_PREFIX = "unix:";
    private static final String UDP_PREFIX = "udp:";

    /** {@code ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255}. */
    private static final int MAX_IPV6_LENGTH = 45;

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(:\\d+\\.\\d+\\.\\d+\\.\\d+)?");

    /** What the kernels of today take; Linux has 108 bytes with the NUL behind the path. */
    private static final int MAX_PATH_BYTES = 107;

    /**
     * Checks the parts.
     *
     * @throws IllegalRequestException when one of them is out of its range
     */
    public ServerAddress {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(transport, "transport");
        boolean unix = host.startsWith("/");
        if (unix != (transport == Transport.UNIX)) {
            throw bad(host, "an absolute path is a Unix domain socket, and the only one");
        }
        if (unix ? port != 0 : port < 1 || port > 65535) {
            throw bad(host + ":" + port, "the port must be 1 to 65535");
        }
        if (weight < 1) {
            throw bad(host + ":" + port, "the weight must be 1 or more");
        }
        if (host.isEmpty() || host.length() > 1024) {
            throw bad(host, "the host must have 1 to 1024 characters");
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (isIllegal(c, unix)) {
                throw bad(host, "the host has an illegal character at index " + i);
            }
        }
        int bytes = host.getBytes(StandardCharsets.UTF_8).length;
        if (unix && bytes > MAX_PATH_BYTES) {
            throw bad(host, "the path of a Unix domain socket has at most " + MAX_PATH_BYTES + " bytes, not " + bytes);
        }
        if (!unix && isNumber(host)) {
            // "udp:11211", and what the resolver would take for one of four bytes in a row
            throw bad(host, "a number alone is no host");
        }
        if (transport == Transport.TCP && UDP_PREFIX.equals(host + ":")) {
            throw bad(host, "udp: goes before a host");
        }
        if (!unix && host.indexOf(':') >= 0 && !isIpv6(host)) {
            throw bad(host, "an IPv6 address has colons, hexadecimal digits and perhaps a zone behind %");
        }
    }

    /** Strict enough to refuse what is no address; what is left is looked at by the JDK, which asks no resolver for it. */
    private static boolean isIpv6(String host) {
        int zone = host.indexOf('%');
        String address = zone < 0 ? host : host.substring(0, zone);
        return address.length() <= MAX_IPV6_LENGTH && IPV6.matcher(address).matches() && zone != host.length() - 1;
    }

    /** A path may have characters of any language; a host name goes to the resolver, which wants ASCII. */
    private static boolean isIllegal(char c, boolean unix) {
        if (unix) {
            return Character.isISOControl(c) || Character.isWhitespace(c);
        }
        return c <= ' ' || c >= 0x7f || "@/[]?#\\,;".indexOf(c) >= 0;
    }

    /** A server of weight 1, over TCP or on a Unix domain socket. */
    public ServerAddress(String host, int port) {
        this(host, port, 1);
    }

    /** A server over TCP or on a Unix domain socket. */
    public ServerAddress(String host, int port, int weight) {
        this(host, port, weight, host.startsWith("/") ? Transport.UNIX : Transport.TCP);
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code host:port:weight}, {@code [ipv6]}, {@code [ipv6]:port}, {@code
     * [ipv6]:port:weight}, each of them with {@code udp:} before it, {@code /path.sock} or {@code unix:/path.sock}.
     *
     * @throws IllegalRequestException when the text is none of these
     */
    public static ServerAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        String path = text.startsWith(UNIX_PREFIX) ? text.substring(UNIX_PREFIX.length()) : text;
        if (path.startsWith("/")) {
            return new ServerAddress(path, 0, 1);
        }
        requireOneAddress(text);
        boolean udp = text.startsWith(UDP_PREFIX);
        return inet(text, udp ? text.substring(UDP_PREFIX.length()) : text, udp ? Transport.UDP : Transport.TCP);
    }

    /** Tells what was meant by a text that other clients, or connection strings, take. */
    private static void requireOneAddress(String text) {
        if (text.indexOf(',') >= 0 || text.indexOf(';') >= 0 || text.indexOf(' ') >= 0) {
            throw bad(
                    text,
                    "it is a list; give each server as an argument of its own: servers(\"a:11211\", \"b:11211\")");
        }
        int scheme = text.indexOf("://");
        if (text.startsWith("memcached://") || text.startsWith("memcacheds://")) {
            throw bad(text, "it is a connection string; give it to connectionString(...)");
        }
        if (scheme >= 0) {
            throw bad(
                    text,
                    "there is no scheme before a host"
                            + (text.indexOf('@') >= 0
                                    ? ""
                                    : "; write \"" + Escaped.text(text.substring(scheme + 3)) + "\""));
        }
        if (text.indexOf('|') >= 0) {
            throw bad(text, "the parts are host:port:weight, with colons");
        }
        int colons = text.length() - text.replace(":", "").length();
        boolean prefixed = text.startsWith(UDP_PREFIX);
        if (!text.contains("[") && colons > (prefixed ? 3 : 2)) {
            throw bad(text, "an IPv6 address goes in brackets, as in [::1]:11211");
        }
    }

    private static ServerAddress inet(String text, String place, Transport transport) {
        String host;
        String rest;
        if (place.startsWith("[")) {
            int end = place.indexOf(']');
            if (end < 0 || place.indexOf(':') > end || place.indexOf(':') < 0) {
                throw bad(text, "an IPv6 address looks like [::1]:11211");
            }
            host = place.substring(1, end);
            rest = place.substring(end + 1);
        } else {
            int colon = place.indexOf(':');
            host = colon < 0 ? place : place.substring(0, colon);
            rest = colon < 0 ? "" : place.substring(colon);
        }
        if (host.isEmpty()) {
            throw bad(text, "there is no host");
        }
        if (rest.isEmpty()) {
            return new ServerAddress(host, DEFAULT_PORT, 1, transport);
        }
        String[] numbers = rest.substring(1).split(":", -1);
        if (rest.charAt(0) != ':' || numbers.length > 2) {
            throw bad(text, "expected host:port or host:port:weight");
        }
        int weight = numbers.length == 2 ? number(text, numbers[1]) : 1;
        if (weight < 1) {
            throw bad(text, "behind the port comes the weight, 1 or more");
        }
        return new ServerAddress(host, number(text, numbers[0]), weight, transport);
    }

    private static int number(String text, String digits) {
        if (!isNumber(digits)) {
            throw bad(text, "port and weight are decimal numbers");
        }
        return Integer.parseInt(digits);
    }

    private static boolean isNumber(String digits) {
        boolean plain = !digits.isEmpty() && digits.length() <= 9;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        return plain;
    }

    private static IllegalRequestException bad(String text, String why) {
        String shown = text.indexOf('@') < 0 ? Escaped.text(text) : "(not shown, it may have a password)";
        return new IllegalRequestException("bad server address \"" + shown + "\": " + why);
    }

    /**
     * The servers as the list of a client: one at least, and none twice, by host and port.
     *
     * @throws IllegalRequestException otherwise
     */
    public static List<ServerAddress> listOf(Collection<ServerAddress> servers) {
        if (servers.isEmpty()) {
            throw new IllegalRequestException("a list of servers needs at least one");
        }
        Set<String> seen = new HashSet<>();
        for (ServerAddress server : servers) {
            if (!seen.add(Objects.requireNonNull(server, "server").toString())) {
                throw new IllegalRequestException("the server " + server + " is named twice");
            }
        }
        return List.copyOf(servers);
    }

    /** The same server with another share of the ring. */
    public ServerAddress withWeight(int newWeight) {
        return new ServerAddress(host, port, newWeight, transport);
    }

    /** True when this is the path of a Unix domain socket. */
    public boolean isUnix() {
        return transport == Transport.UNIX;
    }

    /** The form that {@link #parse} reads, without the weight. */
    @Override
    public String toString() {
        if (isUnix()) {
            return host;
        }
        String place = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        return transport == Transport.UDP ? UDP_PREFIX + place : place;
    }
}
