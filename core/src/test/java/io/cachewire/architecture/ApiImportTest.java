package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A module beside core imports what users may import, and its own. The module extends this class and names its own root package.
 */
public abstract class ApiImportTest {
    private final String ownPackage;

    protected ApiImportTest(String ownPackage) {
        this.ownPackage = ownPackage;
    }

    @Test
    final void importsOnlyWhatUsersMay() {
        Set<String> api = ApiPackages.ofCore();
        noClasses()
                .should()
                .dependOnClassesThat(describe(
                        "are internal to core",
                        target -> Layers.isOurs(target) && !isOwn(target) && !api.contains(target.getPackageName())))
                .allowEmptyShould(true)
                .check(ModuleFolder.importMainClasses());
    }

    private boolean isOwn(JavaClass type) {
        return type.getPackageName().equals(ownPackage) || type.getPackageName().startsWith(ownPackage + ".");
    }
}
