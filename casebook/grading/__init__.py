"""Assessment with nbgrader: its course folder, its gradebook, and grades for other systems."""
