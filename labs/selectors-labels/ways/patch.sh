oc expose deployment/next --name all --selector app=$SHOP --port 8080
oc patch service $SHOP -p "{\"spec\":{\"selector\":{\"track\":\"$TRACK\"}}}"
