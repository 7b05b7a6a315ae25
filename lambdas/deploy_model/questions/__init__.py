"""Asks a version that comes into service about the photos that are kept with it.

Its answers have to be those that it gave when it was evaluated. So a version that answers wrongly is noticed even if
nobody sends a photo. Imports what `deploy_model` knows of registry and endpoint; only its service and the
end of an update import it.
"""
