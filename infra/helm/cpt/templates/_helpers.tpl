{{- define "cpt.services" -}}
intake enrollment-sync review notifier
{{- end }}

{{- define "cpt.labels" -}}
app.kubernetes.io/name: cpt
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service }}-{{ .kind }}
{{- end }}

{{/* What every pod has: no root, no writing, no token, secrets as files. */}}
{{- define "cpt.podSecurity" -}}
automountServiceAccountToken: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "cpt.container" -}}
image: "{{ .root.Values.image.registry }}/{{ .service }}:{{ .root.Values.image.tag }}"
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
args: {{ .args | toJson }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
envFrom:
  - configMapRef: {name: {{ .root.Release.Name }}-settings}
env:
  - {name: CPT_SECRETS_DIR, value: /run/secrets/cpt}
resources: {{ .root.Values.resources | toJson }}
volumeMounts:
  - {name: secrets, mountPath: /run/secrets/cpt, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- end }}

{{- define "cpt.volumes" -}}
- name: secrets
  secret: {secretName: {{ index .root.Values.secrets .service }}}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}
{{- end }}
