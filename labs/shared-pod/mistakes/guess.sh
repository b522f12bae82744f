# The answer is a guess.
# after: solution
# loses: clash=30
lab answer clash "permission denied"
