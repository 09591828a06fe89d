package io.cachewire.spring.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Import;

/**
 * On a test class with {@code @SpringBootTest}: the servers are one memcached inside the test, on a free port, which ends with the context. Needs
 * {@code cachewire-embedded} on the class path.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Import(EmbeddedCacheConfiguration.class)
public @interface EmbeddedCache {}
