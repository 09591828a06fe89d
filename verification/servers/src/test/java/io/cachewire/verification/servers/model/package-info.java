/**
 * Models of the recorded servers: one item store, one set of commands, a table of traits, and a gate where a server is
 * not memcached.
 */
@NullMarked
package io.cachewire.verification.servers.model;

import org.jspecify.annotations.NullMarked;
