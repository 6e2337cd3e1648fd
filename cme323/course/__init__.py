"""What faces people: the command line, JupyterLab, checks, releases and grades."""
