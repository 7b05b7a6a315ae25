"""Names of the files of profiles: the job that reads captures writes them, and the function that selects finds them."""

PREFIX = "profile-"  # of all of them, by which the bucket's lifecycle knows them
LIST = ".json.gz"  # follows a group's name: the file says which pieces there are of it
COUNTS, SAMPLES, PIXELS = ".counts.json.gz", ".samples.json.gz", ".pixels"
PIECE = (COUNTS, SAMPLES, PIXELS)  # each follows the name of a piece
