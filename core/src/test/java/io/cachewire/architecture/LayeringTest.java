package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.cachewire.architecture.Layers.ADMIN_COMMANDS;
import static io.cachewire.architecture.Layers.CALL;
import static io.cachewire.architecture.Layers.CLUSTER;
import static io.cachewire.architecture.Layers.CONNECTION;
import static io.cachewire.architecture.Layers.FACES;
import static io.cachewire.architecture.Layers.INTERNAL;
import static io.cachewire.architecture.Layers.JAVA;
import static io.cachewire.architecture.Layers.KOTLIN;
import static io.cachewire.architecture.Layers.KTOR;
import static io.cachewire.architecture.Layers.OBSERVED;
import static io.cachewire.architecture.Layers.OPERATION;
import static io.cachewire.architecture.Layers.PROTOCOL;
import static io.cachewire.architecture.Layers.ROOT;
import static io.cachewire.architecture.Layers.ROUTING;
import static io.cachewire.architecture.Layers.SERDE;
import static io.cachewire.architecture.Layers.VOCABULARY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom, read from the byte code of both languages. A rule holds for a layer from its first class on. Decided in docs/decisions/0005-import-rules.md. */
class LayeringTest {
    static final Set<String> PACKAGES = Layers.ALL;

    private static final JavaClasses MAIN = ModuleFolder.importMainClasses();

    /** A layer without a class would pass every rule; so a name that is mistyped must fail here. */
    @ParameterizedTest
    @FieldSource("PACKAGES")
    void packageIsASourceFolder(String name) {
        String folder = name.replace('.', '/');
        assertTrue(
                Stream.of("src/main/java", "src/main/kotlin")
                        .map(sources -> ModuleFolder.path().resolve(sources).resolve(folder))
                        .anyMatch(Files::isDirectory),
                () -> "no source folder for " + name);
    }

    /** The other way round: a new package needs its row in the table. */
    @Test
    void everyClassLiesInALayer() {
        Set<String> found = MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                Set.of(),
                found.stream().filter(name -> !Layers.ALL.contains(name)).collect(Collectors.toSet()));
    }

    @Test
    void vocabularyStandsAlone() {
        may(classes()
                .that(VOCABULARY)
                .should()
                .onlyDependOnClassesThat(JAVA.or(VOCABULARY).or(resideInAPackage("jdk.jfr"))));
    }

    /** A JVM without the module of the Flight Recorder can load every other class. */
    @Test
    void flightRecorderIsKnownToItsListenerOnly() {
        may(noClasses()
                .that(describe(
                        "are not of JfrListener",
                        type -> !Layers.outerName(type).endsWith(".JfrListener")))
                .should()
                .dependOnClassesThat(resideInAPackage("jdk.jfr..")));
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTOCOL, ROUTING, SERDE})
    void pureLayerSeesTheVocabularyOnly(String layer) {
        may(classes()
                .that()
                .resideInAPackage(layer + "..")
                .should()
                .onlyDependOnClassesThat(JAVA.or(VOCABULARY).or(resideInAPackage(layer + ".."))));
    }

    @ParameterizedTest
    @ValueSource(strings = {PROTOCOL, ROUTING, SERDE})
    void pureLayerHasNoInputOrOutput(String layer) {
        may(noClasses()
                .that()
                .resideInAPackage(layer + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net..", "java.nio.channels..", "java.nio.file..")));
    }

    @Test
    void callKnowsNoCommandAndNoProtocol() {
        may(classes()
                .that()
                .resideInAPackage(CALL)
                .should()
                .onlyDependOnClassesThat(JAVA.or(KOTLIN).or(VOCABULARY).or(resideInAPackage(CALL))));
    }

    @Test
    void operationJoinsCallsAndTheThreePureLayers() {
        may(classes()
                .that()
                .resideInAPackage(OPERATION)
                .should()
                .onlyDependOnClassesThat(
                        JAVA.or(VOCABULARY).or(resideInAnyPackage(OPERATION, CALL, PROTOCOL + "..", ROUTING, SERDE))));
    }

    @Test
    void serverCommandsAreOperations() {
        may(classes()
                .that()
                .resideInAPackage(ADMIN_COMMANDS)
                .should()
                .onlyDependOnClassesThat(
                        JAVA.or(VOCABULARY).or(resideInAnyPackage(ADMIN_COMMANDS, OPERATION, CALL, PROTOCOL + ".."))));
    }

    @Test
    void listenersAreToldInFrontOfTheEngine() {
        may(classes()
                .that()
                .resideInAPackage(OBSERVED)
                .should()
                .onlyDependOnClassesThat(JAVA.or(VOCABULARY)
                        .or(resideInAnyPackage(OBSERVED, OPERATION, CALL, PROTOCOL + "..", "org.slf4j"))));
    }

    @Test
    void connectionKnowsTheProtocolButNotTheCommands() {
        may(classes()
                .that()
                .resideInAPackage(CONNECTION + "..")
                .should()
                .onlyDependOnClassesThat(JAVA.or(KOTLIN)
                        .or(KTOR)
                        .or(VOCABULARY)
                        .or(resideInAnyPackage(
                                CONNECTION + "..", CALL, PROTOCOL + "..", "org.slf4j", "javax.net.ssl"))));
    }

    @Test
    void clusterJoinsConnectionsRoutingAndOperations() {
        may(classes()
                .that()
                .resideInAPackage(CLUSTER)
                .should()
                .onlyDependOnClassesThat(JAVA.or(KOTLIN)
                        .or(KTOR)
                        .or(VOCABULARY)
                        // requests and replies pass through it on their way between operation and connection
                        .or(resideInAnyPackage(
                                CLUSTER, CONNECTION + "..", ROUTING, OPERATION, CALL, PROTOCOL + "..", "org.slf4j"))));
    }

    @Test
    void nobodyImportsTheFaces() {
        may(noClasses().that(not(FACES)).should().dependOnClassesThat(FACES));
    }

    @Test
    void subPackagesHaveNoCycles() {
        // the clients of admin and meta stand on top of everything, their records at the bottom
        may(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().ignoreDependency(FACES, alwaysTrue()));
        may(slices().matching(INTERNAL + ".(*)..").should().beFreeOfCycles());
    }

    @Test
    void ktorIsForConnectionAndOneClassOfCluster() {
        Set<String> others = MAIN.stream()
                .filter(type -> !type.getPackageName().startsWith(CONNECTION))
                .filter(type -> type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency -> KTOR.test(dependency.getTargetClass())))
                .map(Layers::outerName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertTrue(
                others.size() <= 1 && others.stream().allMatch(name -> name.startsWith(CLUSTER + ".")),
                () -> "ktor is used outside " + CONNECTION + " by " + others);
    }

    /** The builder makes the engine; that is the one edge from Java to Kotlin. */
    @Test
    void javaDoesNotNeedKotlin() {
        DescribedPredicate<JavaClass> kotlin = describe("are Kotlin", LayeringTest::isKotlin);
        DescribedPredicate<JavaClass> builder =
                describe("are the builder", type -> Layers.outerName(type).equals(ROOT + ".ClientBuilder"));
        may(noClasses().that(not(kotlin).and(not(builder))).should().dependOnClassesThat(kotlin));
    }

    private static boolean isKotlin(JavaClass type) {
        return type.isAnnotatedWith("kotlin.Metadata")
                || type.getSource()
                        .flatMap(source -> source.getFileName())
                        .filter(file -> file.endsWith(".kt"))
                        .isPresent();
    }

    private static void may(ArchRule rule) {
        rule.allowEmptyShould(true).check(MAIN);
    }
}
