# A service that needs no address can do without one.
oc delete service old-3
oc create service clusterip old-3 --clusterip None --tcp 80
oc apply -f - <<END
apiVersion: v1
kind: Service
metadata: { name: $SVC }
spec: { ports: [{ port: 80 }] }
END
oc patch deployment crowd -p '{"spec":{"replicas":20}}'
lab answer pods 10.44.0.0/22
lab answer services 172.31.8.0/27
lab answer node 32
