# The door leads to nobody: its selector has its own name.
# after: solution
# loses: nodeport=30
oc set selector service/$WEB-door app=$WEB-door
