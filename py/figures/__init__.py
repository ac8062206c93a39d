"""The figures, one module each: a State, its controls, and from a state a scene and a description."""

from figures import bowl, chain_rule, diagram, fit_line, gate, gradient_field, one_line, tangent, training, two_lines

FIGURES = {
    figure.NAME: figure
    for figure in (gate, one_line, two_lines, diagram, fit_line, tangent, bowl, gradient_field, chain_rule, training)
}
"""All figures by name, in the order of the article."""
