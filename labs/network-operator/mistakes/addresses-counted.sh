# The addresses of a part were counted, not the parts (which happens to be the same number here), less what is reserved.
# after: solution
# loses: fits=20
lab answer fits 254
