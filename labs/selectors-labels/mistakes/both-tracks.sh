# The service sends to both versions.
# after: solution
# loses: stable=40, answers=20, follows=10
oc patch service $SHOP --type json -p "[{\"op\":\"replace\",\"path\":\"/spec/selector\",\"value\":{\"app\":\"$SHOP\"}}]"
