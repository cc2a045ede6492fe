"""The hub tried on one machine: accounts and folders, the hub, people in a browser, the walk.

``scripts/try-hub`` runs it. Nothing here is needed by a hub that is in use.
"""
