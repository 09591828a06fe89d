package io.cachewire;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How connections are protected by TLS. Immutable; each method gives a changed copy.
 *
 * <p>Whom to trust, and the client's own certificate if the servers ask for one, are the {@link SSLContext}'s matter; it also keeps the
 * sessions that later connections resume. TLS 1.3 and 1.2 are spoken, nothing older. The certificate must name the server's host as it is
 * written in the server's address (RFC 2818), and a host's name is sent along (SNI).
 */
public final class Tls {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private final SSLContext context;
    private final List<String> protocols;
    private final List<String> cipherSuites;
    private final @Nullable String serverName;
    private final boolean checksHostName;

    private Tls(
            SSLContext context,
            List<String> protocols,
            List<String> cipherSuites,
            @Nullable String serverName,
            boolean checksHostName) {
        this.context = context;
        this.protocols = protocols;
        this.cipherSuites = cipherSuites;
        this.serverName = serverName;
        this.checksHostName = checksHostName;
    }

    /**
     * Trusts what this JVM trusts: the authorities of the JDK, or those of {@code javax.net.ssl.trustStore}.
     *
     * @throws IllegalStateException when the JVM's default context cannot be made
     */
    public static Tls system() {
        try {
            return of(SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no usable default SSLContext", e);
        }
    }

    /** Trusts what a context trusts, and shows its certificates to servers that ask. */
    public static Tls of(SSLContext context) {
        return new Tls(Objects.requireNonNull(context, "context"), VERSIONS, List.of(), null, true);
    }

    /**
     * The versions that may be spoken: {@code TLSv1.3}, {@code TLSv1.2}, or both, which is the default.
     *
     * @throws IllegalRequestException for none, and for any other
     */
    public Tls protocols(String... versions) {
        List<String> wanted = List.of(versions);
        if (wanted.isEmpty() || !VERSIONS.containsAll(wanted)) {
            throw new IllegalRequestException("TLS versions are " + VERSIONS + ", not " + wanted);
        }
        return new Tls(context, wanted, cipherSuites, serverName, checksHostName);
    }

    /**
     * The cipher suites that may be used, by their JSSE names, best first. Default: the context's own.
     *
     * @throws IllegalRequestException for none, for one that the context does not know, and for one without encryption or without
     *     a certificate
     */
    public Tls cipherSuites(String... suites) {
        List<String> wanted = List.of(suites);
        Collection<String> known = Set.of(context.getSupportedSSLParameters().getCipherSuites());
        for (String suite : wanted) {
            if (!known.contains(suite) || suite.contains("_NULL_") || suite.contains("_anon_")) {
                throw new IllegalRequestException("no usable cipher suite: " + Escaped.text(suite));
            }
        }
        if (wanted.isEmpty()) {
            throw new IllegalRequestException("there must be a cipher suite");
        }
        return new Tls(context, protocols, wanted, serverName, checksHostName);
    }

    /**
     * Another name than that of the address, for all servers: it is sent as the server's name, and the certificates must have it. For
     * addresses by number and tunnels.
     *
     * @throws IllegalRequestException when it is no host name
     */
    public Tls serverName(String name) {
        if (sni(name) == null) {
            throw new IllegalRequestException("no host name: " + Escaped.text(name));
        }
        return new Tls(context, protocols, cipherSuites, name, checksHostName);
    }

    /**
     * Accepts a trusted certificate whatever host it was made for, so that anybody who holds any certificate of a trusted authority
     * can read and change all that passes. For tests, and for authorities that sign nothing but these servers.
     */
    public Tls dangerouslyAcceptAnyHostName() {
        return new Tls(context, protocols, cipherSuites, serverName, false);
    }

    /** A client's engine for a new connection to a server, set up in this way; sessions are resumed by host and port. */
    public SSLEngine engine(ServerAddress server) {
        String name = serverName != null ? serverName : server.host();
        SSLEngine engine = context.createSSLEngine(name, server.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols.toArray(String[]::new));
        if (!cipherSuites.isEmpty()) {
            parameters.setCipherSuites(cipherSuites.toArray(String[]::new));
        }
        List<SNIServerName> names = new ArrayList<>();
        SNIServerName sni = sni(name);
        if (sni != null) {
            names.add(sni);
        }
        parameters.setServerNames(names);
        if (checksHostName) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Null for what is no name: an address (RFC 6066, section 3), or a name that DNS would not have. */
    private static @Nullable SNIServerName sni(String host) {
        boolean address = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
        try {
            return address ? null : new SNIHostName(host.endsWith(".") ? host.substring(0, host.length() - 1) : host);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Says how, and nothing of keys. */
    @Override
    public String toString() {
        return "Tls" + protocols + (checksHostName ? "" : " for any host");
    }
}
