# The node's link was looked at instead of the pod's interface.
# after: solution
# loses: mtu=20
lab answer mtu 9000
