# The variable is named after the deployment.
# after: solution
# loses: variable=20
lab answer variable STOCK_SERVICE_HOST
