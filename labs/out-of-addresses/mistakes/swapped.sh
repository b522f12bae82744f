# The two networks were taken for each other.
# after: solution
# loses: services=10, pods=10
lab answer services 10.44.0.0/22
lab answer pods 172.31.8.0/27
