"""Models of the people floor, one file per noun. The re-exports below are what Django and the other rooms import."""

from liaoyuan.people.models.certificates import Certificate, ContinuingEducation
from liaoyuan.people.models.persons import NameReview, Person, Profile
from liaoyuan.people.models.posts import Employment, Post
from liaoyuan.people.models.volunteers import Volunteer, VolunteerHonour, VolunteerService

__all__ = [
    "Certificate",
    "ContinuingEducation",
    "Employment",
    "NameReview",
    "Person",
    "Post",
    "Profile",
    "Volunteer",
    "VolunteerHonour",
    "VolunteerService",
]
