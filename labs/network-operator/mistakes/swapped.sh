# The two blocks were taken for each other.
# after: solution
# loses: pods=15, services=15
lab answer pods 172.29.0.0/18
lab answer services 10.52.0.0/16
