package io.cachewire;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Where a server listens, and its share of the ring.
 *
 * @param host a name, an IPv4 or IPv6 address without brackets, or the absolute path of a Unix domain socket
 * @param port 1 to 65535; 0 for a Unix domain socket
 * @param weight 1 or more; a server of weight 2 gets twice the keys of one of weight 1, where the locator knows weights
 */
public record ServerAddress(String host, int port, int weight) {
    /** The registered port of memcached. */
    public static final int DEFAULT_PORT = 11211;

    private static final String UNIX_PREFIX = "unix:";

    /**
     * Checks the parts.
     *
     * @throws IllegalRequestException when one of them is out of its range
     */
    public ServerAddress {
        Objects.requireNonNull(host, "host");
        boolean unix = host.startsWith("/");
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
    }

    /** A path may have characters of any language; a host name goes to the resolver, which wants ASCII. */
    private static boolean isIllegal(char c, boolean unix) {
        if (unix) {
            return Character.isISOControl(c) || Character.isWhitespace(c);
        }
        return c <= ' ' || c >= 0x7f || "@/[]?#\\,;".indexOf(c) >= 0;
    }

    /** A server of weight 1. */
    public ServerAddress(String host, int port) {
        this(host, port, 1);
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code host:port:weight}, {@code [ipv6]:port}, {@code [ipv6]:port:weight},
     * {@code /path.sock} or {@code unix:/path.sock}.
     *
     * @throws IllegalRequestException when the text is none of these
     */
    public static ServerAddress parse(String text) {
        Objects.requireNonNull(text, "text");
        String path = text.startsWith(UNIX_PREFIX) ? text.substring(UNIX_PREFIX.length()) : text;
        if (path.startsWith("/")) {
            return new ServerAddress(path, 0, 1);
        }
        String host;
        String rest;
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || text.indexOf(':') > end) {
                throw bad(text, "an IPv6 address looks like [::1]:11211");
            }
            host = text.substring(1, end);
            rest = text.substring(end + 1);
        } else {
            int colon = text.indexOf(':');
            host = colon < 0 ? text : text.substring(0, colon);
            rest = colon < 0 ? "" : text.substring(colon);
        }
        if (rest.isEmpty()) {
            return new ServerAddress(host, DEFAULT_PORT, 1);
        }
        String[] numbers = rest.substring(1).split(":", -1);
        if (rest.charAt(0) != ':' || numbers.length > 2) {
            throw bad(text, "expected host:port or host:port:weight");
        }
        return new ServerAddress(host, number(text, numbers[0]), numbers.length == 2 ? number(text, numbers[1]) : 1);
    }

    private static int number(String text, String digits) {
        boolean plain = !digits.isEmpty() && digits.length() <= 9;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
        }
        if (!plain) {
            throw bad(text, "port and weight are decimal numbers");
        }
        return Integer.parseInt(digits);
    }

    private static IllegalRequestException bad(String text, String why) {
        return new IllegalRequestException("bad server address \"" + Escaped.text(text) + "\": " + why);
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
        return new ServerAddress(host, port, newWeight);
    }

    /** True when this is the path of a Unix domain socket. */
    public boolean isUnix() {
        return host.startsWith("/");
    }

    /** The form that {@link #parse} reads, without the weight. */
    @Override
    public String toString() {
        if (isUnix()) {
            return host;
        }
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
