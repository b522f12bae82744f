# Both answers, one after the other: only the first is taken.
# after: solution
# loses: 0
lab answer policy yes
lab answer policy no
