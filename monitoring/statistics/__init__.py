"""Statistics of a table of photos, for people and in Model Monitor's shapes.

May import captures and features. Drift, the report and `analyze` import it.
"""
