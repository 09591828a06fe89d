/** Token buckets of Bucket4j in memcached. */
@NullMarked
package io.cachewire.bucket4j;

import org.jspecify.annotations.NullMarked;
