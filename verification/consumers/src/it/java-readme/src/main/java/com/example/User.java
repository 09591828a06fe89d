package com.example;

import java.io.Serializable;

public record User(long id, String name) implements Serializable {}
