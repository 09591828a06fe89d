package io.cachewire.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What a POM of this repository says of dependencies, as it stands there. */
record Pom(Document document) {
    /** A dependency; version and scope are empty when they are not given. */
    record Dependency(String group, String artifact, String version, String scope) {}

    static Pom of(String module) {
        Path project = Platform.projectFolder();
        Path folder = project.resolve(module);
        Path file =
                (Files.exists(folder) ? folder : project.resolve("integrations").resolve(module)).resolve("pom.xml");
        try {
            return new Pom(
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile()));
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(file.toString(), e);
        }
    }

    boolean hasParent() {
        return !children(document.getDocumentElement(), "parent").isEmpty();
    }

    List<Dependency> managed() {
        return children(document.getDocumentElement(), "dependencyManagement").stream()
                .flatMap(management -> dependencies(management).stream())
                .toList();
    }

    List<Dependency> declared() {
        return dependencies(document.getDocumentElement());
    }

    /** A property that stands in this file, empty without it. */
    String property(String name) {
        return children(document.getDocumentElement(), "properties").stream()
                .map(all -> text(all, name))
                .findFirst()
                .orElse("");
    }

    /** The folders of its modules, from the first profile-free list. */
    List<String> modules() {
        return children(document.getDocumentElement(), "modules").stream()
                .flatMap(list -> children(list, "module").stream())
                .map(Node::getTextContent)
                .toList();
    }

    private static List<Dependency> dependencies(Element above) {
        return children(above, "dependencies").stream()
                .flatMap(list -> children(list, "dependency").stream())
                .map(one -> new Dependency(
                        text(one, "groupId"), text(one, "artifactId"), text(one, "version"), text(one, "scope")))
                .toList();
    }

    private static String text(Element element, String name) {
        return children(element, name).stream()
                .map(Node::getTextContent)
                .findFirst()
                .orElse("");
    }

    private static List<Element> children(Element element, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && child.getTagName().equals(name)) {
                found.add(child);
            }
        }
        return found;
    }
}
