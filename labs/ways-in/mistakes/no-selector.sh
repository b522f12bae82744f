# The door leads to nobody: its selector has its own name.
# after: solution
# loses: nodeport=20
oc set selector service/$WEB-door app=$WEB-door
