/** Tests that need other memcached clients, and the generated parts of the documentation about them. */
package io.cachewire.interop;
