# It works again, and nobody knows why.
# after: solution
# loses: cause=30
lab answer cause weather
