package io.cachewire.internal.protocol.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cachewire.Credentials;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 7677, section 3, and what a server may not say. */
final class ScramSha256Test {
    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO";
    private static final String JOINED = NONCE + "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String SALT = "W22ZaJ0SNY7soEsUEjb6gQ==";
    private static final String CHALLENGE = "r=" + JOINED + ",s=" + SALT + ",i=4096";
    private static final String ANSWER = "c=biws,r=" + JOINED + ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SIGNATURE = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    private static ScramSha256 login() throws GeneralSecurityException {
        return new ScramSha256(Credentials.of("user", "pencil"), NONCE);
    }

    @Test
    void speaksAsInTheExampleOfTheRfc() throws GeneralSecurityException {
        ScramSha256 scram = login();
        assertEquals("n,,n=user,r=" + NONCE, scram.first());
        assertEquals(ANSWER, scram.answer(CHALLENGE));
        scram.verify(SIGNATURE);
        scram.verify(SIGNATURE + ",x=extension");
    }

    @Test
    void extensionsBehindTheChallengeArePassedOver() throws GeneralSecurityException {
        assertTrue(login().answer(CHALLENGE + ",x=1").startsWith("c=biws,r=" + JOINED + ",p="));
    }

    @Test
    void commaAndEqualSignOfAUserAreEscaped() throws GeneralSecurityException {
        assertEquals("n,,n=a=3Db=2Cc,r=N", new ScramSha256(Credentials.of("a=b,c", "p"), "N").first());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "e=other-error",
                "r=" + NONCE + ",s=" + SALT + ",i=4096", // nothing of the server's own
                "r=other,s=" + SALT + ",i=4096",
                "m=ext,r=" + JOINED + ",s=" + SALT + ",i=4096",
                "r=" + JOINED + ",i=4096,s=" + SALT,
                "r=" + JOINED + ",s=" + SALT,
                "r=" + JOINED + ",s=,i=4096",
                "r=" + JOINED + ",s=QQ==,i=4096",
                "r=" + JOINED + ",s=!!!!,i=4096",
                "r=" + JOINED + ",s=" + SALT + ",i=",
                "r=" + JOINED + ",s=" + SALT + ",i=0",
                "r=" + JOINED + ",s=" + SALT + ",i=-4096",
                "r=" + JOINED + ",s=" + SALT + ",i=4095",
                "r=" + JOINED + ",s=" + SALT + ",i=1000001",
                "r=" + JOINED + ",s=" + SALT + ",i=99999999999999999999"
            })
    void challengesThatAreNoneAreRefused(String challenge) {
        Exception refused = assertThrows(GeneralSecurityException.class, () -> login().answer(challenge));
        assertFalse(refused.getMessage().contains("pencil"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "v=", "v=AAAA", "v=!!", "e=invalid-proof", "Authenticated", "x=1,v=6rriTRBi"})
    void aServerWithoutTheRightSignatureIsRefused(String last) throws GeneralSecurityException {
        ScramSha256 scram = login();
        scram.answer(CHALLENGE);
        assertThrows(GeneralSecurityException.class, () -> scram.verify(last));
    }

    @Test
    void anEmptySignatureProvesNothingBeforeTheChallenge() {
        assertThrows(GeneralSecurityException.class, () -> login().verify("v="));
    }

    /** The examples of RFC 4013, section 3. */
    @ParameterizedTest
    @CsvSource({"I\u00adX, IX", "user, user", "USER, USER", "\u00aa, a", "\u2168, IX", "a\u00a0b, a b"})
    void preparesText(String given, String prepared) throws GeneralSecurityException {
        assertEquals(prepared, new String(SaslPrep.prepared(given.toCharArray())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0007\u00e9", "\u06271", "\u00ad", "\ue000", "\u0627a\u0627"})
    void refusesWhatIsProhibited(String given) {
        assertThrows(GeneralSecurityException.class, () -> SaslPrep.prepared(given.toCharArray()));
    }

    @Test
    void aPasswordIsPreparedBeforeItIsHashed() throws GeneralSecurityException {
        ScramSha256 composed = new ScramSha256(Credentials.of("user", "\u00e9"), NONCE);
        ScramSha256 decomposed = new ScramSha256(Credentials.of("user", "e\u0301"), NONCE);
        assertEquals(composed.answer(CHALLENGE), decomposed.answer(CHALLENGE));
    }
}
