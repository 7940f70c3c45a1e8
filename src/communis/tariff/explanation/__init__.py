"""An amount told in French, down to the article and the facts."""
