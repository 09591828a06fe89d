package io.cachewire.internal.connection.tls

import io.cachewire.Escaped
import java.io.IOException
import java.security.cert.CertPathBuilderException
import java.security.cert.CertificateException
import java.security.cert.CertificateExpiredException
import java.security.cert.CertificateNotYetValidException
import javax.net.ssl.SSLException

/** Says in plain words what the JDK found wrong, and then the JDK's own, which may quote the peer's certificate. */
internal class TlsFailure(
    cause: SSLException,
) : IOException("TLS: ${plain(cause)}${Escaped.text(cause.message ?: cause.toString())}", cause) {
    private companion object {
        fun plain(failure: SSLException): String {
            val causes = generateSequence<Throwable>(failure) { it.cause }.take(MAX_CAUSES).toList()
            return when {
                causes.any { it is CertificateExpiredException } -> "the server's certificate has expired: "

                causes.any { it is CertificateNotYetValidException } -> "the server's certificate is not valid yet: "

                causes.any {
                    it is CertPathBuilderException
                } -> "the server's certificate is signed by nobody trusted here: "

                causes.any(::isWrongName) -> "the server's certificate is for another host: "

                failure.message.orEmpty().contains("nrecognized SSL message") -> "the server does not speak TLS: "

                else -> ""
            }
        }

        /** There is no type for it (HostnameChecker of the JDK). */
        fun isWrongName(cause: Throwable) = cause is CertificateException &&
            WRONG_NAMES.any { cause.message.orEmpty().startsWith(it) }

        val WRONG_NAMES = listOf("No subject alternative", "No name matching", "Illegal given domain name")
        const val MAX_CAUSES = 10
    }
}
