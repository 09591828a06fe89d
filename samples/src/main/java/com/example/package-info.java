/** A user's own package, as the Java snippets name it. */
@NullMarked
package com.example;

import org.jspecify.annotations.NullMarked;
