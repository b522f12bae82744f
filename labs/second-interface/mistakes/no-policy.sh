# Nothing closes the pod.
# after: solution
# loses: policy=25
oc delete networkpolicy --all
