# Nothing closes the project.
# after: solution
# loses: untouched=20
oc delete networkpolicy closed
