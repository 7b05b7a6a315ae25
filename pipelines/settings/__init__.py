"""Settings: reads configs/*.yaml into frozen, typed objects, and derives all resource names from them.

May import only the errors of `pipelines`. All other rooms may import it.
"""
