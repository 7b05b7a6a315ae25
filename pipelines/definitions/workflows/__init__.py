"""The two workflows in Amazon States Language, for one photo and for many, generated with the Data Science SDK."""
