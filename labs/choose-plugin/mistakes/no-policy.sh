# Nothing was tried.
# loses: applied=20, policy=30
lab answer plugin {{plugin}}
lab answer mtu {{mtu}}
lab answer policy {{enforces}}
