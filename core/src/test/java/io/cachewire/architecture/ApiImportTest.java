package io.cachewire.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A module beside core imports what users may import, and its own. The module extends this class and names its own root package,
 * and those of the modules beside core that it uses.
 */
public abstract class ApiImportTest {
    private final List<String> ownPackages;

    protected ApiImportTest(String... ownPackages) {
        this.ownPackages = List.of(ownPackages);
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
        String name = type.getPackageName();
        return ownPackages.stream().anyMatch(own -> name.equals(own) || name.startsWith(own + "."));
    }
}
