/** What a client does, by the semantic conventions of OpenTelemetry for databases: {@link io.cachewire.opentelemetry.OpenTelemetryListener}. */
@NullMarked
package io.cachewire.opentelemetry;

import org.jspecify.annotations.NullMarked;
