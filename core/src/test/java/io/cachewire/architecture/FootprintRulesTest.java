package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the client must leave alone in the program that it lives in, and what it must not bring along. */
class FootprintRulesTest {
    private static final JavaClasses MAIN = ModuleFolder.importMainClasses();

    private static final Set<String> SETTINGS_OF_THE_JVM = Set.of(
            "java.lang.System.setProperty",
            "java.lang.System.setProperties",
            "java.lang.System.clearProperty",
            "java.lang.System.setSecurityManager",
            "java.lang.System.setOut",
            "java.lang.System.setErr",
            "java.lang.System.exit",
            "java.lang.Runtime.addShutdownHook",
            "java.lang.Runtime.halt",
            "java.lang.Thread.setDefaultUncaughtExceptionHandler",
            "java.io.ObjectInputFilter$Config.setSerialFilter",
            "java.io.ObjectInputFilter$Config.setSerialFilterFactory",
            "java.net.Authenticator.setDefault",
            "java.net.ProxySelector.setDefault",
            "java.net.URL.setURLStreamHandlerFactory",
            "java.security.Security.setProperty",
            "java.security.Security.addProvider",
            "java.security.Security.insertProviderAt",
            "java.util.Locale.setDefault",
            "java.util.TimeZone.setDefault",
            "javax.net.ssl.SSLContext.setDefault",
            "javax.net.ssl.HttpsURLConnection.setDefaultHostnameVerifier",
            "javax.net.ssl.HttpsURLConnection.setDefaultSSLSocketFactory");

    private static final Set<String> WAYS_AROUND_THE_LANGUAGE = Set.of(
            "java.lang.System.load",
            "java.lang.System.loadLibrary",
            "java.lang.Runtime.load",
            "java.lang.Runtime.loadLibrary",
            "java.lang.Runtime.exec",
            "java.lang.ProcessBuilder.start",
            "java.lang.ClassLoader.defineClass",
            "java.lang.invoke.MethodHandles$Lookup.defineClass",
            "java.lang.invoke.MethodHandles$Lookup.defineHiddenClass",
            "java.lang.invoke.MethodHandles.privateLookupIn",
            "java.lang.reflect.AccessibleObject.setAccessible",
            "java.lang.reflect.Field.setAccessible",
            "java.lang.reflect.Method.setAccessible",
            "java.lang.reflect.Constructor.setAccessible",
            "java.lang.reflect.Proxy.newProxyInstance",
            "java.util.ServiceLoader.load");

    private static final Pattern LIBRARY =
            Pattern.compile("(kotlin-stdlib|kotlinx-|ktor-|slf4j-api|jspecify|annotations-\\d).*\\.jar");
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)");
    private static final Pattern VERSION = Pattern.compile("<([\\w-]+\\.)?version>([^<]*)</");
    private static final Pattern PINNED = Pattern.compile("\\d[\\w.-]*|\\$\\{[\\w.-]+}");

    private static DescribedPredicate<JavaCall<?>> callOf(Set<String> names) {
        return describe(
                "call of one of " + names,
                call -> names.contains(
                        call.getTargetOwner().getName() + '.' + call.getTarget().getName()));
    }

    @Test
    @DisplayName("S25 no class changes a setting of the JVM or adds a shutdown hook")
    void settingsOfTheJvm() {
        noClasses().should().callCodeUnitWhere(callOf(SETTINGS_OF_THE_JVM)).check(MAIN);
    }

    @Test
    @DisplayName("S24 no class goes around the language: native code, opened members, made classes, loaded services")
    void noHooks() {
        noClasses().should().callCodeUnitWhere(callOf(WAYS_AROUND_THE_LANGUAGE)).check(MAIN);
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..", "java.lang.instrument..", "com.sun..")
                .check(MAIN);
        noMethods().should().haveModifier(JavaModifier.NATIVE).check(MAIN);
    }

    @Test
    @DisplayName("S24 loading a class opens no socket and starts no thread")
    void quietClassInitializers() {
        DescribedPredicate<JavaAccess<?>> loud = describe("an access to the network or to threads", access -> {
            JavaClass target = access.getTargetOwner();
            String name = target.getPackageName();
            return "<clinit>".equals(access.getOrigin().getName())
                    && (name.startsWith("java.net")
                            || name.startsWith("java.nio.channels")
                            || name.startsWith("io.ktor.network.sockets")
                            || target.isEquivalentTo(Thread.class)
                            || target.getSimpleName().equals("Executors"));
        });
        noClasses().should().accessTargetWhere(loud).check(MAIN);
    }

    @Test
    @DisplayName("S24 the libraries of the client bring no native code")
    void noNativeLibraries() throws IOException {
        List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .filter(jar -> LIBRARY.matcher(jar.getFileName().toString()).matches())
                .toList();
        assertFalse(jars.size() < 8, () -> "not on the class path: the libraries of the client, only " + jars);
        for (Path jar : jars) {
            try (JarFile file = new JarFile(jar.toFile())) {
                assertEquals(
                        List.of(),
                        file.stream()
                                .map(JarEntry::getName)
                                .filter(name -> NATIVE.matcher(name).matches())
                                .toList(),
                        jar::toString);
            }
        }
    }

    @Test
    @DisplayName("S24 every version in the parent POM is pinned")
    void pinnedVersions() throws IOException {
        Matcher found = VERSION.matcher(Files.readString(ModuleFolder.path().resolveSibling("pom.xml")));
        int versions = 0;
        while (found.find()) {
            versions++;
            String version = found.group(2);
            boolean isRequirement = version.startsWith("[") && found.group(1) == null;
            boolean pinned = PINNED.matcher(version).matches() && !version.contains("SNAPSHOT");
            boolean own = version.equals("0.1.0-SNAPSHOT");
            assertFalse(!pinned && !own && !isRequirement, () -> "not pinned: " + version);
        }
        assertFalse(versions < 30, "the POM was not read");
    }
}
