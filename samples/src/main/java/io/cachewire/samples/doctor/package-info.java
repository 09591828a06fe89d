/** The flag doctor: which clients' flags and formats a server holds. */
@NullMarked
package io.cachewire.samples.doctor;

import org.jspecify.annotations.NullMarked;
